package io.claviger.domain.formats;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * A path that names a model. In Gemini's {@code v1beta/models/{model}:generateContent}, the name
 * may contain slashes. In other formats, the name is a segment of the path or the beginning of a
 * segment, as in Bedrock's {@code model/{model}/converse}.
 *
 * @param before the beginning of the path, which precedes Gemini's collection or the segment with
 *     the model's name
 * @param model the model's name, decoded; the name of a tuned model begins with {@code tunedModels}
 * @param verb the verb that follows the name, with the colon or slash before it
 * @param isSegment whether the name is a single segment, in which slashes and colons are encoded
 */
public record ModelPath(String before, String model, String verb, boolean isSegment) {
  /** Gemini's collection of models. */
  public static final String MODELS = "models/";

  private static final String TUNED_MODELS = "tunedModels/";
  private static final Set<String> VERBS =
      Set.of(
          ":batchEmbedContents",
          ":countTokens",
          ":embedContent",
          ":generateContent",
          ":predict",
          ":streamGenerateContent");
  private static final String UNRESERVED = "-._~/@";
  private static final String UNRESERVED_IN_SEGMENT = "-._~@";

  /**
   * Reads a path. If a model's name contains a slash, some clients mistake the name for a complete
   * resource name, and omit {@code models/}. So {@code models/} may be missing if the path ends
   * with one of the verbs for models. If {@code models/} is present, any text before it is treated
   * as a part of a wrong base URL. The text is never treated as a part of the model's name, because
   * the call might otherwise reach a service of a user whose handle equals that text.
   *
   * @param path the path below the base URL, not decoded
   * @return the path with its model; empty if the path names no model
   */
  public static Optional<ModelPath> of(String path) {
    int slash = path.indexOf('/') + 1;
    int verb = path.lastIndexOf(':');
    int name = path.startsWith(MODELS, slash) ? slash + MODELS.length() : slash;
    if (verb <= name || (name == slash && !isWholeName(path.substring(name), verb - name))) {
      return Optional.empty();
    }
    String model = decoded(path.substring(name, verb));
    return Optional.of(new ModelPath(path.substring(0, slash), model, path.substring(verb), false));
  }

  /**
   * Reads a path whose second segment names the model.
   *
   * @param path the path below the base URL, not decoded
   * @param collection the first segment, with the slash after it
   * @return the path with its model; empty if the path does not begin with the collection
   */
  static Optional<ModelPath> ofSegment(String path, String collection) {
    int end = path.indexOf('/', collection.length());
    return path.startsWith(collection) && end > collection.length()
        ? Optional.of(
            new ModelPath(
                collection,
                decoded(path.substring(collection.length(), end)),
                path.substring(end),
                true))
        : Optional.empty();
  }

  /** Returns the name of a model without the collection of Gemini's resource names. */
  public static String bare(String model) {
    return model.startsWith(MODELS) ? model.substring(MODELS.length()) : model;
  }

  /**
   * Returns the model's own name from the part of a path that can also name a service before the
   * model, with encoded slashes between them. Hyphens, underscores and tildes are decoded, because
   * providers read them alike. Other characters that need no encoding are never encoded in the
   * paths of calls.
   */
  public static String own(String named) {
    int encoded = Math.max(named.lastIndexOf("%2F"), named.lastIndexOf("%2f"));
    int begin = Math.max(named.lastIndexOf('/') + 1, encoded < 0 ? 0 : encoded + "%2F".length());
    String own = named.substring(begin);
    return own.indexOf('%') < 0
        ? own
        : own.replace("%2D", "-")
            .replace("%2d", "-")
            .replace("%5F", "_")
            .replace("%5f", "_")
            .replace("%7E", "~")
            .replace("%7e", "~");
  }

  private static boolean isWholeName(String nameAndVerb, int verb) {
    return nameAndVerb.startsWith(TUNED_MODELS)
        || (nameAndVerb.indexOf('/') > 0
            && !nameAndVerb.contains("/" + MODELS)
            && VERBS.contains(nameAndVerb.substring(verb)));
  }

  /** Returns this path with another model. */
  public String with(String other) {
    if (isSegment) {
      return before + encoded(other, UNRESERVED_IN_SEGMENT) + verb;
    }
    String collection = other.startsWith(TUNED_MODELS) ? "" : MODELS;
    return before + collection + encoded(other, UNRESERVED) + verb;
  }

  public static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encoded(String name, String unreserved) {
    StringBuilder encoded = new StringBuilder(name.length());
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (Character.isLetterOrDigit(b) || unreserved.indexOf(b) >= 0) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append("%02X".formatted(b & 0xff));
      }
    }
    return encoded.toString();
  }
}
