package io.claviger.gateway.errors;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.formats.ObjectOperations;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the errors for operations that a service does not lend; each error says what the caller can
 * do. An error repeats only plain words and versions from the caller's path.
 */
public final class OperationRefusal {
  private static final Pattern WORD =
      Pattern.compile("[a-z_-]{1,24}|[a-z]{1,16}[A-Z][A-Za-z]{1,16}|v\\d{1,2}(?:alpha|beta)?\\d?");

  private static final int MOST_SEGMENTS = 8;

  /**
   * Version prefixes of paths. Some clients add the prefix themselves; others expect the prefix in
   * the base URL.
   */
  private static final List<String> PREFIXES = List.of("v1/", "v2/", "v1beta/");

  private static final String WITHDRAWN =
      "The provider is withdrawing this operation. Use its replacement, such as responses and"
          + " conversations.";
  private static final String ADMINISTRATION =
      "The operation administers the account of the service's owner, so the operation is never"
          + " lent.";
  private static final String TUNING =
      "The operation creates objects that would belong to the service's owner and stay in the"
          + " account for everybody, so the operation is never lent.";
  private static final String NOT_YET =
      "All borrowers share the account in which the operation stores its results, and Claviger"
          + " can't keep them apart.";

  private static final String OWN_SECRETS =
      "The provider's client secrets would outlive a revocation. The gateway makes its own:"
          + " POST realtime/client_secrets below the URL of a service or project.";

  /**
   * The reasons why operations are not lent. Each key is a word in the paths of such operations.
   */
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("assistants", WITHDRAWN),
          Map.entry("threads", WITHDRAWN),
          Map.entry("fine-tunes", WITHDRAWN),
          Map.entry("organization", ADMINISTRATION),
          Map.entry("organizations", ADMINISTRATION),
          Map.entry("projects", ADMINISTRATION),
          Map.entry("webhooks", ADMINISTRATION),
          Map.entry("webhook_endpoints", ADMINISTRATION),
          Map.entry("api_keys", ADMINISTRATION),
          Map.entry("connectors", ADMINISTRATION),
          Map.entry("client_secrets", OWN_SECRETS),
          Map.entry("transcription_sessions", OWN_SECRETS),
          Map.entry(
              "auth_tokens",
              "The operation hands out a key that would outlive a revocation, so it is never"
                  + " lent."),
          Map.entry(
              "calls",
              "The media of such a session would bypass all limits, so the operation is never lent."
                  + " Open a WebSocket at realtime."),
          Map.entry("fine_tuning", TUNING),
          Map.entry("finetuning", TUNING),
          Map.entry("tunedModels", TUNING),
          Map.entry("evals", TUNING),
          Map.entry("graders", TUNING),
          Map.entry("skills", TUNING),
          Map.entry("interactions", NOT_YET),
          Map.entry("videos", NOT_YET),
          Map.entry("files", NOT_YET),
          Map.entry("uploads", NOT_YET),
          Map.entry("batches", NOT_YET),
          Map.entry("vector_stores", NOT_YET),
          Map.entry("conversations", NOT_YET),
          Map.entry("containers", NOT_YET),
          Map.entry("cachedContents", NOT_YET),
          Map.entry("corpora", NOT_YET),
          Map.entry("fileSearchStores", NOT_YET),
          Map.entry("batchGenerateContent", NOT_YET),
          Map.entry("asyncBatchEmbedContent", NOT_YET),
          Map.entry("datasets", NOT_YET),
          Map.entry("embed-jobs", NOT_YET));

  private static final Set<String> STORED_ANSWERS = Set.of("responses", "completions");

  private OperationRefusal() {}

  /**
   * @param path the path after the part of the URL that names the service, without a leading slash
   *     and without the query
   */
  public static CallError of(WireFormat format, String method, String path) {
    CallError plain = CallError.of(CallRefusal.OPERATION_NOT_ALLOWED);
    return plain.saying(
        "%s %s is not lent by this service. %s"
            .formatted(method, template(path), remedy(format, method, path)));
  }

  private static String remedy(WireFormat format, String method, String path) {
    Optional<String> reason = reason(method, path);
    if (reason.isPresent()) {
      return reason.get();
    }
    for (String prefix : PREFIXES) {
      if (format.api().lends(method, prefix + path)) {
        return "The path lacks %s: append it to the base URL, after the gateway_url."
            .formatted(prefix.substring(0, prefix.length() - 1));
      }
      if (path.startsWith(prefix) && format.api().lends(method, path.substring(prefix.length()))) {
        return "The path contains %s once too often: remove it from the base URL."
            .formatted(prefix.substring(0, prefix.length() - 1));
      }
    }
    return lent(format, path)
        .map(
            methods ->
                "The path is lent with %s: check the method and the base URL.".formatted(methods))
        .orElseGet(
            () ->
                "Check the base URL: it has to be the gateway_url, to which the client adds the"
                    + " path."
                    + meant(format, method, path)
                        .map(" You may mean the operation %s."::formatted)
                        .orElse(""));
  }

  /**
   * Returns the path of the operation that the caller may have meant. An operation fits if its path
   * contains the caller's path, or is contained in the caller's path. The result is empty if no
   * operation or more than one operation fits.
   */
  private static Optional<String> meant(WireFormat format, String method, String path) {
    List<String> close =
        format.operations().stream()
            .filter(o -> o.method().equals(method) && isPart(o.pathAnywhere(), path))
            .map(Operation::path)
            .toList();
    return close.size() == 1
        ? close.stream().filter(each -> !each.contains("*") && !each.contains("{")).findFirst()
        : Optional.empty();
  }

  private static boolean isPart(String some, String other) {
    String one = "/" + some + "/";
    String two = "/" + other + "/";
    return one.contains(two) || two.contains(one);
  }

  private static Optional<String> lent(WireFormat format, String path) {
    String methods =
        format.operations().stream()
            .filter(o -> o.matches(o.method(), path))
            .map(o -> o.method())
            .distinct()
            .collect(Collectors.joining(", "));
    return methods.isEmpty() ? Optional.empty() : Optional.of(methods);
  }

  /**
   * Returns the reason why an operation is not lent; empty if the operation concerns neither the
   * provider's account nor stored objects.
   */
  private static Optional<String> reason(String method, String path) {
    String[] segments = path.split("[/:]", -1);
    Optional<String> known =
        isPart("realtime/sessions", path)
            ? Optional.of(OWN_SECRETS)
            : Stream.of(segments).filter(REASONS::containsKey).map(REASONS::get).findFirst();
    boolean deeper = segments.length > 1 && STORED_ANSWERS.contains(segments[segments.length - 2]);
    boolean answers = deeper || STORED_ANSWERS.contains(segments[segments.length - 1]);
    return known.isPresent() || !answers || (!deeper && method.equals("POST"))
        ? known
        : Optional.of(NOT_YET);
  }

  /**
   * Returns the error for an operation on stored objects of a kind that is not lent to the caller.
   *
   * @param path the path after the part of the URL that names the service, without a leading slash
   *     and without the query
   */
  public static CallError storageNotLent(WireFormat format, String method, String path) {
    CallError plain = CallError.of(CallRefusal.STORAGE_NOT_LENT);
    ObjectOperations storage = format.api().storage();
    return storage
        .find(method, path)
        .or(() -> storage.find(method, format.api().withoutVersions(path)))
        .map(
            operation ->
                plain.saying(
                    ("%s %s needs storage of the kind %s, which is not lent to you here. The"
                            + " service's owner can lend it: with storage in the service's settings,"
                            + " and in the limits of your share.")
                        .formatted(method, template(path), operation.kind().wireName())))
        .orElse(plain);
  }

  private static String template(String path) {
    if (path.isEmpty()) {
      return "/";
    }
    String[] segments = path.split("/", -1);
    return Stream.of(segments)
            .limit(MOST_SEGMENTS)
            .map(OperationRefusal::masked)
            .collect(Collectors.joining("/"))
        + (segments.length > MOST_SEGMENTS ? "/…" : "");
  }

  private static String masked(String segment) {
    int colon = segment.lastIndexOf(':');
    if (colon > 0) {
      return masked(segment.substring(0, colon)) + ':' + masked(segment.substring(colon + 1));
    }
    boolean plain = segment.isEmpty() || WORD.matcher(segment).matches();
    return plain ? segment : "{id}";
  }
}
