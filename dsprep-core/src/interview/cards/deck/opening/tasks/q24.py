from collections import deque

def counts_in_hour(times):
    window, counts = deque(), []
    for now in times:
        while window and now - window[0] >= 3600:
            window.popleft()
        counts.append(len(window))
        window.append(now)
    return counts
