package io.claviger.sdks;

/** The usage that was counted. */
record CountedUsage(long requests, long errors, long inputTokens, long outputTokens) {}
