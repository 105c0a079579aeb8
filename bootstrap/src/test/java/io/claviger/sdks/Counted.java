package io.claviger.sdks;

/** What is counted as used. */
record Counted(long requests, long errors, long inputTokens, long outputTokens) {}
