package io.claviger.stub;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A tokenizer with Cohere's interface. Every character is a token, and the token's number is the
 * character's code point.
 */
final class CohereTokens {
  private static final String META = "\"meta\": {\"api_version\": {\"version\": \"1\"}}";

  private CohereTokens() {}

  static StubResponse tokenize(StubCall call) {
    String text = String.join("", call.fields().texts("text"));
    String tokens = text.codePoints().mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String strings =
        text.codePoints()
            .mapToObj(Character::toString)
            .map(JsonTemplates::quoted)
            .collect(Collectors.joining(", "));
    return StubResponse.json(
        200, "{\"tokens\": [%s], \"token_strings\": [%s], %s}".formatted(tokens, strings, META));
  }

  static StubResponse detokenize(StubCall call) {
    List<String> tokens = call.fields().texts("tokens");
    String text =
        tokens.isEmpty() || tokens.get(0).isEmpty()
            ? ""
            : List.of(tokens.get(0).split(" ")).stream()
                .flatMapToInt(token -> IntStream.of(codePoint(token)))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    return StubResponse.json(200, "{\"text\": %s, %s}".formatted(JsonTemplates.quoted(text), META));
  }

  private static int codePoint(String token) {
    try {
      int point = Integer.parseInt(token);
      if (Character.isValidCodePoint(point)) {
        return point;
      }
    } catch (NumberFormatException noNumber) {
      // A token that is not a number is refused like a number that is out of range.
    }
    throw new BadCall("tokens must be those that tokenize gave");
  }
}
