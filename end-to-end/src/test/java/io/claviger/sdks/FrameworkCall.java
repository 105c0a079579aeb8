package io.claviger.sdks;

/**
 * A call to make with a framework.
 *
 * @param call what to do: {@code answer}, {@code stream} or {@code tool}
 * @param url the address of the gateway
 * @param token the caller's, which the framework takes for an API key
 */
record FrameworkCall(
    FrameworkCase name, String call, String url, String token, String model, String prompt) {}
