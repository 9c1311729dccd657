from sklearn.linear_model import LogisticRegression

def learn_uplift(x, called, left, new):
    def risk(arm):
        return LogisticRegression().fit(x[arm], left[arm]).predict_proba(new)[:, 1]
    return risk(~called) - risk(called)
