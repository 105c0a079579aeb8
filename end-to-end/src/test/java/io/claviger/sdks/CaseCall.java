package io.claviger.sdks;

/**
 * The input of an SDK's test program.
 *
 * @param url of the service at the gateway: the SDK's base URL
 * @param token the caller's: the SDK's API key
 */
record CaseCall(
    SdkCase name,
    String call,
    String url,
    String token,
    String model,
    int times,
    boolean retries) {}
