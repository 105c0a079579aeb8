package io.claviger.sdks;

/** What is counted as used. */
record CountedUsage(long requests, long errors, long inputTokens, long outputTokens) {}
