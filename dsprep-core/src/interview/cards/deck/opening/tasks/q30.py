import numpy as np

def my_backtest(y, first, step, horizon, season):
    errors = []
    for origin in range(first, len(y) - horizon + 1, step):
        last_season = y[origin - season:origin]
        forecast = np.resize(last_season, horizon)
        errors.append(np.abs(y[origin:origin + horizon] - forecast).mean())
    return float(np.mean(errors))
