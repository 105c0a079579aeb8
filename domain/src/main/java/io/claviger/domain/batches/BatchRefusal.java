package io.claviger.domain.batches;

/**
 * The reason why a file can't be the input of a batch.
 *
 * @param line the number of the first line to which the reason applies, from 1; 0 if the reason
 *     does not concern a single line
 */
public record BatchRefusal(int line, Reason reason) {
  /** The fault of a line or of the whole file. */
  public enum Reason {
    NOT_SCANNED(
        "Claviger has not read this file as the input of a batch. Upload it again with POST files,"
            + " with the purpose batch and as a single file with one JSON object in each line"),
    EMPTY("the file contains no request"),
    TOO_LONG("the line is longer than 16 MiB"),
    TOO_MANY("a file may contain at most 50,000 requests"),
    TOO_MANY_MODELS("a file may name at most 100 models"),
    NOT_JSON("the line is not a JSON object in UTF-8 that ends where the line ends"),
    MEMBERS(
        "the line has to have custom_id, method, url and body, each once and with the documented"
            + " type, and no other members"),
    ORDER("method and url have to come before body"),
    METHOD("the method has to be POST"),
    URL("the url does not name an operation that a batch may call here"),
    OTHER_URL("all lines of a file have to have the same url"),
    UNCLEAR("different JSON parsers may understand the body differently"),
    NO_MODEL("the body has to name its model once, as one line of at most 256 characters"),
    FURTHER_MODELS(
        "a request of a batch can't name further models, not even in a tool. Use the same model, or"
            + " send the request as a single call"),
    TIER(
        "a request of a batch can't ask for a dearer service tier, speed or region, because batches"
            + " are charged at the price of batches only. Leave service_tier, speed and"
            + " inference_geo out, or send the request as a single call"),
    REFERENCE(
        "the body refers to something stored at the provider, or would create a container there."
            + " Send the content itself"),
    TOOL(
        "a tool is of a type that Claviger does not know, and might use other people's data in the"
            + " same account. Leave the tool out"),
    STREAM("a batch can't stream. Leave stream out"),
    BACKGROUND("a batch can't answer in the background. Leave background and deferred out"),
    IDENTIFIER(
        "others use the same key, so leave out prompt_cache_key, prompt_cache_isolation_key,"
            + " cache_salt, extra_key, session_id, continuation_id, safety_identifier, user and"
            + " user_id. Claviger can't write its own values into a batch"),
    STORED("you may not store responses here, so the body has to contain store: false"),
    OPERATION("you may not call the operation of this url here"),
    MODEL("you may not use the model here"),
    ENDPOINT("the endpoint of the batch has to equal the url of the lines"),
    BODY(
        "the body has to be the JSON object that the API documents, without other members, and"
            + " each member at most once, with the documented type and spelling"),
    REQUEST(
        "the request has to have the members that the API documents, each once, with the documented"
            + " type and spelling, and no other members"),
    LARGE("a request may have at most 16 MiB"),
    TOO_MANY_INLINE("the batch has too many requests. Split it into several batches"),
    NO_REQUESTS("the batch contains no request"),
    ID("custom_id has to be 1 to 64 letters, digits, hyphens and underscores"),
    SAME_ID("another request of the batch has the same custom_id"),
    OTHER_MODEL("the model has to be the model in the path, and the body may name it at most once"),
    TOO_MANY_USERS("the requests of a batch may name at most 10,000 different users"),
    CONTAINER(
        "the provider would create a container for the request, and batches can't use containers"
            + " here");

    private final String message;

    Reason(String message) {
      this.message = message;
    }

    /**
     * Returns a clause that states the fault and how to correct it. The clause contains no text
     * that the caller wrote.
     */
    public String message() {
      return message;
    }

    /**
     * Whether the reason is that the caller lacks a permission, and not a fault of the file itself.
     */
    public boolean isForbidden() {
      return this == STORED || this == OPERATION || this == MODEL;
    }
  }
}
