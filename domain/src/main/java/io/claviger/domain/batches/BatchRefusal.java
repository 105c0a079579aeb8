package io.claviger.domain.batches;

/**
 * The reason why a file can't be the input of a batch.
 *
 * @param line the number of the first line to which the reason applies, from 1; 0 if the reason
 *     does not concern a single line
 */
public record BatchRefusal(int line, Reason reason) {
  /** The fault of a line or of the file. */
  public enum Reason {
    NOT_SCANNED(
        "Claviger has not read this file as the input of a batch. Upload it again with POST files,"
            + " purpose batch, and one file with one JSON object in each line"),
    EMPTY("the file contains no request"),
    TOO_LONG("the line is longer than 16 MiB"),
    TOO_MANY("a file may contain at most 50,000 requests"),
    TOO_MANY_MODELS("a file may name at most 100 models"),
    NOT_JSON("the line is not a JSON object in UTF-8 that ends where the line ends"),
    MEMBERS(
        "the line has to have custom_id, method, url and body, each once and of the documented type,"
            + " and nothing else"),
    ORDER("method and url have to stand before body"),
    METHOD("the method has to be POST"),
    URL("the url is not that of an operation which a batch may call here"),
    OTHER_URL("all lines of a file have to have the same url"),
    UNCLEAR("readers may understand the body differently"),
    NO_MODEL("the body has to name its model once, as one line of at most 256 characters"),
    FURTHER_MODELS(
        "a request of a batch can't name further models, as a tool may. Use the same model, or make a"
            + " call of its own"),
    TIER(
        "a request of a batch can't ask for a dearer service tier, speed or region, because it is"
            + " charged by the price of batches alone. Leave service_tier, speed and inference_geo out,"
            + " or make a call of its own"),
    REFERENCE(
        "the body refers to something stored at the provider, or would make a container there. Send"
            + " the content itself"),
    TOOL(
        "a tool is of a type that Claviger does not know, and might use what others have in the same"
            + " account. Leave it out"),
    STREAM("a batch can't stream. Leave stream out"),
    BACKGROUND("a batch can't answer in the background. Leave background and deferred out"),
    IDENTIFIER(
        "others use the same key, so leave out prompt_cache_key, prompt_cache_isolation_key,"
            + " cache_salt, extra_key, session_id, safety_identifier, user and user_id. Claviger"
            + " can't write its own into a batch"),
    STORED("responses are not lent here, so the body has to say store: false"),
    OPERATION("you may not call the operation of this url here"),
    MODEL("you may not use the model here"),
    ENDPOINT("the endpoint of the batch has to be the url of the lines"),
    BODY(
        "the body has to be the JSON object that the API documents, with each member once, of its"
            + " type and spelling, and no other"),
    REQUEST(
        "the request has to have the members that the API documents, each once, of its type and"
            + " spelling, and no other"),
    LARGE("a request may have at most 16 MiB"),
    TOO_MANY_INLINE("a batch may not have that many requests. Make several"),
    NO_REQUESTS("the batch contains no request"),
    ID("custom_id has to be 1 to 64 letters, digits, hyphens and underscores"),
    SAME_ID("another request of the batch has the same custom_id"),
    OTHER_MODEL("the model has to be that of the path, named once or not at all"),
    TOO_MANY_USERS("the requests of a batch may name at most 10,000 different users"),
    CONTAINER("the provider would make a container for it, which a batch can't have here");

    private final String message;

    Reason(String message) {
      this.message = message;
    }

    /**
     * A clause that states the fault and how to correct it. The clause contains none of the
     * caller's text.
     */
    public String message() {
      return message;
    }

    /** Whether the caller lacks a permission; otherwise the file itself has the fault. */
    public boolean isForbidden() {
      return this == STORED || this == OPERATION || this == MODEL;
    }
  }
}
