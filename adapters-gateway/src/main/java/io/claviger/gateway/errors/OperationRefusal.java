package io.claviger.gateway.errors;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says which operation is not lent, and what to do about it. Of the caller's path it repeats only
 * plain words and versions.
 */
public final class OperationRefusal {
  private static final Pattern WORD =
      Pattern.compile("[a-z_-]{1,24}|[a-z]{1,16}[A-Z][A-Za-z]{1,16}|v\\d{1,2}(?:alpha|beta)?\\d?");

  private static final int MOST_SEGMENTS = 8;

  /** The prefixes that belong either to a base URL or to a path, depending on the client. */
  private static final List<String> PREFIXES = List.of("v1/", "v2/", "v1beta/");

  /** The first words of paths that lead to a provider's stored objects or to its account. */
  private static final Set<String> STORED =
      Set.of(
          "files",
          "batches",
          "uploads",
          "fine_tuning",
          "fine-tunes",
          "finetuning",
          "vector_stores",
          "assistants",
          "threads",
          "conversations",
          "containers",
          "evals",
          "videos",
          "skills",
          "organization",
          "organizations",
          "cachedContents",
          "corpora",
          "fileSearchStores",
          "batchGenerateContent",
          "asyncBatchEmbedContent",
          "datasets",
          "embed-jobs",
          "connectors");

  private static final Set<String> STORED_ANSWERS = Set.of("responses", "completions");

  private OperationRefusal() {}

  /**
   * @param path below the service, without a leading slash and query
   */
  public static CallError of(WireFormat format, String method, String path) {
    CallError plain = CallError.of(CallRefusal.OPERATION_NOT_ALLOWED);
    return plain.saying(
        "%s %s is not lent by this service. %s"
            .formatted(method, template(path), remedy(format, method, path)));
  }

  private static String remedy(WireFormat format, String method, String path) {
    if (isStored(method, path)) {
      return "That is by design: files, batches and other things that a provider stores belong to"
          + " its account, which all borrowers of the key would share.";
    }
    for (String prefix : PREFIXES) {
      if (format.api().lends(method, prefix + path)) {
        return "The path lacks %s: add it to the base URL, behind the gateway_url."
            .formatted(prefix.substring(0, prefix.length() - 1));
      }
      if (path.startsWith(prefix) && format.api().lends(method, path.substring(prefix.length()))) {
        return "The path has %s too many: remove it from the base URL."
            .formatted(prefix.substring(0, prefix.length() - 1));
      }
    }
    return lent(format, path)
        .map(
            methods ->
                "The path is lent for %s; check the method and the base URL.".formatted(methods))
        .orElseGet(
            () ->
                "Check the base URL: it is the gateway_url, and the client adds the path."
                    + meant(format, method, path)
                        .map(" The operation that is meant may be %s."::formatted)
                        .orElse(""));
  }

  /**
   * Returns the operation whose path contains the caller's path or is contained in it, if there is
   * exactly one.
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

  private static boolean isStored(String method, String path) {
    String[] segments = path.split("[/:]", -1);
    boolean deeper = segments.length > 1 && STORED_ANSWERS.contains(segments[segments.length - 2]);
    boolean answers = deeper || STORED_ANSWERS.contains(segments[segments.length - 1]);
    return Stream.of(segments).anyMatch(STORED::contains)
        || (answers && (deeper || !method.equals("POST")));
  }

  private static String template(String path) {
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
