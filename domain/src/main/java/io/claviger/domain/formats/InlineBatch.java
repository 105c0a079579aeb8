package io.claviger.domain.formats;

import io.claviger.domain.formats.BatchMembers.Meaning;

/**
 * The form of a body that creates a batch and contains the batch's requests. The body may have only
 * the listed members.
 *
 * @param body the members of the outermost object
 * @param operation the operation that the requests call, as a path below the service. The model in
 *     the batch's path replaces {@code {model}}
 * @param most the greatest number of requests in a batch
 */
public record InlineBatch(BatchMembers body, String operation, int most) {
  private static final String MODEL = "{model}";

  static final InlineBatch OF_MESSAGES =
      new InlineBatch(
          new BatchMembers()
              .member(
                  "requests",
                  Meaning.REQUESTS,
                  new BatchMembers()
                      .member("custom_id", Meaning.ID)
                      .member("params", Meaning.CALL)),
          "v1/messages",
          100_000);

  static final InlineBatch OF_CONTENTS =
      new InlineBatch(
          new BatchMembers()
              .member(
                  "batch",
                  Meaning.OBJECT,
                  new BatchMembers()
                      .member("displayName display_name", Meaning.SETTING)
                      .member("priority", Meaning.PRIORITY)
                      .member("model", Meaning.MODEL)
                      .member(
                          "inputConfig input_config",
                          Meaning.OBJECT,
                          new BatchMembers()
                              .member(
                                  "requests",
                                  Meaning.OBJECT,
                                  new BatchMembers()
                                      .member(
                                          "requests",
                                          Meaning.REQUESTS,
                                          new BatchMembers()
                                              .member("request", Meaning.CALL)
                                              .member("metadata", Meaning.DATA))))),
          "v1beta/models/" + MODEL + ":generateContent",
          50_000);

  /**
   * Returns the path of the operation that the requests call.
   *
   * @param model the model in the batch's path; empty if the path names no model
   */
  public String path(String model) {
    return operation.replace(MODEL, model);
  }
}
