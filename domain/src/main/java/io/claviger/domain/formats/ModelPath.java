package io.claviger.domain.formats;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * A path of Gemini's that names a model: {@code v1beta/models/{model}:generateContent}. The name
 * may contain slashes.
 *
 * @param before what comes before the collection
 * @param model decoded; one of {@code tunedModels} begins with that word
 * @param verb the verb with its colon
 */
public record ModelPath(String before, String model, String verb) {
  private static final String MODELS = "models/";
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

  /**
   * Reads a path. Some clients take a name with a slash for a whole resource name and leave {@code
   * models/} out. A path with a verb of models is therefore read without {@code models/} too.
   *
   * @param path below the base URL, not decoded
   * @return empty for a path that names no model
   */
  public static Optional<ModelPath> of(String path) {
    int slash = path.indexOf('/') + 1;
    int verb = path.lastIndexOf(':');
    int name = path.startsWith(MODELS, slash) ? slash + MODELS.length() : slash;
    if (verb <= name || (name == slash && !isWholeName(path.substring(name), verb - name))) {
      return Optional.empty();
    }
    String model = decoded(path.substring(name, verb));
    return Optional.of(new ModelPath(path.substring(0, slash), model, path.substring(verb)));
  }

  private static boolean isWholeName(String nameAndVerb, int verb) {
    return nameAndVerb.startsWith(TUNED_MODELS)
        || (nameAndVerb.indexOf('/') > 0 && VERBS.contains(nameAndVerb.substring(verb)));
  }

  /** The same path with another model. */
  public String with(String other) {
    String collection = other.startsWith(TUNED_MODELS) ? "" : MODELS;
    return before + collection + encoded(other) + verb;
  }

  public static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encoded(String name) {
    StringBuilder encoded = new StringBuilder(name.length());
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (Character.isLetterOrDigit(b) || UNRESERVED.indexOf(b) >= 0) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append("%02X".formatted(b & 0xff));
      }
    }
    return encoded.toString();
  }
}
