package io.claviger.stub;

/**
 * A call of a tool with which the stub answers.
 *
 * @param name the name of a tool that the request offers
 * @param arguments a JSON object; the text itself if the tool is {@code freeform}
 * @param freeform whether the tool takes a text instead of JSON, like the custom tools of {@code
 *     responses}
 */
record ToolCall(String name, String arguments, boolean freeform) {}
