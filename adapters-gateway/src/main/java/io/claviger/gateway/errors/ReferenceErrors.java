package io.claviger.gateway.errors;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.batches.BatchRefusal;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.objects.ObjectRefusal;
import io.claviger.domain.objects.RequestedObjects;
import java.util.List;
import java.util.Optional;

/**
 * The errors for requests that refer to objects at the provider, or would create objects at the
 * provider.
 */
public final class ReferenceErrors {
  private static final String NO_PREVIOUS_RESPONSE = "previous_response_not_found";

  /** The maximum number of services that an error names. */
  private static final int MOST_NAMED = 10;

  private static final int LONGEST_TYPE = 64;

  private static final String WITHOUT_CONTAINER =
      " Or set the tool up without a container: Anthropic's search and fetch with"
          + " allowed_callers: [\"direct\"], a shell with environment: {\"type\":\"local\"}.";

  public static final CallError ENCODED =
      CallError.never(
          415,
          CallError.BODY_ENCODED.code(),
          "Others use the same key, so the gateway has to read what the body refers to: send it"
              + " without a content encoding.");
  public static final CallError NOT_READABLE =
      CallError.never(
          400,
          CallError.BODY_NOT_READABLE.code(),
          "Others use the same key, so the gateway has to read what the body refers to: send JSON"
              + " in UTF-8 without a byte order mark, or a plain form, and set the content type to"
              + " match.");
  public static final CallError TAKES_JSON =
      CallError.never(
          400,
          CallError.BODY_NOT_READABLE.code(),
          "This operation takes JSON and no form: send application/json.");
  public static final CallError SHOWS_CONTENT =
      CallError.never(
          400,
          "query_parameter_not_allowed",
          "Others use the same key. Therefore, only the answer to the request that creates a"
              + " response shows what the parameter 'include' adds. Leave out 'include' here.");
  public static final CallError TOO_MANY =
      CallError.never(
          400,
          "too_many_references",
          "The request refers to more than %d objects at the provider. Send several requests."
              .formatted(RequestedObjects.MOST));
  public static final CallError NOT_FOUND =
      CallError.never(
          404,
          "object_not_found",
          "The request refers to something stored at the provider that does not exist, or that you"
              + " may not use here. Send the content itself.");
  public static final CallError ITEM_NOT_FOUND =
      CallError.never(
          404,
          "object_not_found",
          "This service stores nothing; send the items themselves (AI SDK:"
              + " `providerOptions.openai.store = false`).");

  private static final CallError MODEL_MISSING =
      CallError.MODEL_REQUIRED.saying(
          "The request names a stored prompt, which has a model of its own. State the model in the"
              + " request too: prices, limits and budgets go by it.");

  public static final CallError BATCH_NOT_CHARGED =
      CallError.never(
          409,
          "batch_not_charged",
          "This batch, or the batch whose results this file contains, has not been charged yet."
              + " If the batch is still running, cancel it. You can delete the batch or the file"
              + " 15 minutes after the end of the batch, when Claviger has read the results.");

  private ReferenceErrors() {}

  /**
   * The error for a list with many objects that the provider no longer has. Used if the gateway
   * stops requesting further objects of the list, or if the caller's limits allow no more requests.
   *
   * @param parameter the query parameter that states where the list continues
   * @param last the id of the last object that the provider no longer has
   */
  public static CallError listOfGone(String parameter, String last) {
    return CallError.never(
        503,
        "list_not_read",
        "The provider no longer has any of the next objects of this list. The list continues"
            + " after these objects. To get the next page, request the list with "
            + parameter
            + "="
            + last);
  }

  /**
   * @param most the maximum number of bytes of a body that the gateway buffers
   */
  public static CallError tooLarge(long most) {
    return CallError.never(
        CallError.BODY_TOO_LARGE.status(),
        CallError.BODY_TOO_LARGE.code(),
        ("Others use the same key, so the gateway has to read what the body refers to, and"
                + " buffers bodies of at most %d bytes for this. Send less, or store a key of your own"
                + " for the service: PUT /v1/llm-services/{owner}/{handle}/user-key.")
            .formatted(most));
  }

  /**
   * @param most the maximum number of bytes of a body that the gateway buffers
   * @param least the number of bytes that a shorter request counts as
   */
  public static CallError batchTooLarge(long most, int least) {
    return CallError.never(
        CallError.BODY_TOO_LARGE.status(),
        CallError.BODY_TOO_LARGE.code(),
        ("Others use the same key, so the gateway has to read the requests of a batch, and"
                + " buffers bodies of at most %d bytes for this. Each request counts as at least"
                + " %d bytes. Make several batches.")
            .formatted(most, least));
  }

  /**
   * @param service the name of the service; if a project is called, the name of the project
   * @throws CallRefused if the request refers to an object of a kind that the service does not
   *     lend, or would create such an object
   */
  public static void demandLent(RequestedObjects objects, Isolation isolation, String service) {
    Optional<ObjectRefusal> refusal = objects.refusal(isolation);
    if (refusal.isPresent()) {
      throw new CallRefused(of(refusal.get(), service));
    }
  }

  /**
   * Returns the error for a request that refers to an object, or would create an object, without
   * permission.
   *
   * @param service the name of the service; if a project is called, the name of the project
   */
  public static CallError of(ObjectRefusal why, String service) {
    return switch (why.reason()) {
      case UNCLEAR -> unclear(why.reference());
      case TOO_MANY -> TOO_MANY;
      case PREVIOUS_RESPONSE -> previousResponseNotFound(why.reference().id());
      case ITEM -> ITEM_NOT_FOUND;
      case NOT_FOUND -> notFound(why.reference());
      case MODEL_MISSING -> MODEL_MISSING;
      case UNKNOWN_TOOL -> unknownTool(why.reference().id());
      case NOT_LENT -> notLent(why.reference().kind(), service);
    };
  }

  /**
   * Returns the error for an object that the caller is not permitted to use. If the object is of a
   * kind that no service lends, the error states which member of the body refers to the object.
   */
  private static CallError notFound(ObjectReference reference) {
    if (reference.kind() != ObjectKind.OTHER || reference.place().isEmpty()) {
      return NOT_FOUND;
    }
    String member =
        reference.place().equals(RequestedObjects.PATH)
            ? "a member whose name ends with path"
            : "the member " + reference.place();
    CallError error =
        NOT_FOUND.saying(
            ("The request refers, in %s, to something at the provider that does not exist, or that"
                    + " you may not use here. Send the content itself, or leave the member out.")
                .formatted(member));
    return reference.place().equals(RequestedObjects.PREVIOUS_MESSAGE)
        ? error.about(reference.place())
        : error;
  }

  /**
   * Returns the error for a member that might refer to an object, but whose form the gateway does
   * not understand.
   */
  private static CallError unclear(ObjectReference reference) {
    String member = reference.place();
    String message;
    if (!reference.id().isEmpty()) {
      message =
          ("The text in the member %1$s is too long. Others use the same key, so the gateway has"
                  + " to know what this text refers to at the provider: an id may have at most"
                  + " %2$,d characters, and a URL at most 4,096. Send a shorter text, or the"
                  + " content itself.")
              .formatted(member, ObjectName.LONGEST);
    } else if (member.isEmpty()) {
      message =
          "Others use the same key, so the gateway has to know what the request refers to at the"
              + " provider. In the request, each member that refers to something there must occur only"
              + " once, in its documented spelling, and as a text.";
    } else if (reference.kind() != ObjectKind.OTHER) {
      message =
          ("Others use the same key, so the gateway has to know what the member %1$s refers to at"
                  + " the provider. State the member once, spelled like this, and as a text, or as"
                  + " a list of texts if the API documents a list.")
              .formatted(member);
    } else {
      message =
          ("Others use the same key. With the member %1$s, a request could use other people's"
                  + " objects at the provider, or change how the provider serves other people. So"
                  + " the gateway does not pass this value. Leave the member out, or"
                  + " store a key of your own for the service: PUT"
                  + " /v1/llm-services/{owner}/{handle}/user-key.")
              .formatted(member);
    }
    return CallError.never(400, "reference_not_readable", message);
  }

  /** Returns the error for a file that can't be the input of a batch. */
  public static CallError of(BatchRefusal why) {
    String where = why.line() > 0 ? "Line %d: ".formatted(why.line()) : "";
    return ofBatch(
        why.reason(), "No batch can be made of this file. " + where + why.reason().message() + ".");
  }

  /** Returns the error for a body with requests that the caller may not send as a batch. */
  public static CallError ofBatch(BatchRefusal.Reason reason) {
    return ofBatch(reason, "No batch can be made of this: " + reason.message() + ".");
  }

  private static CallError ofBatch(BatchRefusal.Reason reason, String message) {
    return CallError.never(
        reason.isForbidden() ? 403 : 400,
        switch (reason) {
          case STORED -> CallRefusal.STORAGE_NOT_LENT.code();
          case OPERATION -> CallRefusal.OPERATION_NOT_ALLOWED.code();
          case MODEL -> CallRefusal.MODEL_NOT_ALLOWED.code();
          default -> "batch_not_usable";
        },
        message);
  }

  /**
   * Returns the error for a request that refers to objects in several services, although its URL
   * names no service.
   *
   * @param services the names of the services
   */
  public static CallError inSeveralServices(List<String> services) {
    return several("What the request refers to is stored in more than one service", services);
  }

  /**
   * Returns the error for a request that several services would accept, because its URL names no
   * service.
   *
   * @param services the names of the services
   */
  public static CallError forSeveralServices(List<String> services) {
    return several("More than one service could store this for you", services);
  }

  private static CallError several(String why, List<String> services) {
    String more = services.size() > MOST_NAMED ? ", …" : "";
    return CallError.never(
        400,
        "service_not_clear",
        "%s: %s%s. Call one of them by its own URL: /gateway/services/{owner}/{handle}/ and then the same path."
            .formatted(why, String.join(", ", services.stream().limit(MOST_NAMED).toList()), more));
  }

  /**
   * Returns the error that OpenAI returns if the previous response does not exist, because SDKs and
   * agents handle that error specially.
   */
  private static CallError previousResponseNotFound(String id) {
    return new CallError(
        400,
        NO_PREVIOUS_RESPONSE,
        "Previous response with id '%s' not found.".formatted(id),
        CallError.Retry.NEVER,
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.of(RequestedObjects.PREVIOUS_RESPONSE));
  }

  private static CallError unknownTool(String type) {
    return CallError.never(
        400,
        "tool_not_known",
        ("The gateway does not know tools %s. Others use the same key, and such a tool might use"
                + " objects that are stored in the provider's account, or services that are"
                + " connected to it. Leave the tool out, or store a key of your own for the"
                + " service: PUT /v1/llm-services/{owner}/{handle}/user-key.")
            .formatted(
                type.isEmpty()
                    ? "without a type"
                    : "of the type " + type.substring(0, Math.min(LONGEST_TYPE, type.length()))));
  }

  private static CallError notLent(ObjectKind kind, String service) {
    if (!kind.isLendable()) {
      return CallError.of(CallRefusal.STORAGE_NOT_LENT)
          .saying(
              "The provider would store something for this request. No service can lend that. Leave"
                  + " out thread (Anthropic) and storage_options (xAI), and send the content itself.")
          .about(RequestedObjects.STORAGE_OPTIONS);
    }
    String remedy =
        "Whoever manages the service can add %s to its storage.%s"
            .formatted(kind.wireName(), kind == ObjectKind.CONTAINERS ? WITHOUT_CONTAINER : "");
    return CallError.of(CallRefusal.STORAGE_NOT_LENT)
        .saying(
            "For this request, the provider would store something of the kind %s, which %s does not lend. %s"
                .formatted(kind.wireName(), service, remedy));
  }
}
