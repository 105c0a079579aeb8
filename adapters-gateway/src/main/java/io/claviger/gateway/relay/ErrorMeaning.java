package io.claviger.gateway.relay;

import io.claviger.domain.standards.WireFormat;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * What a provider states by an error. Only codes and types count, where the format has them: the
 * text of an error may repeat whatever the caller wrote. An error that is no JSON as a whole, or
 * has a member twice, states nothing.
 */
enum ErrorMeaning {
  /** The key that the call was made with is not accepted. */
  KEY_INVALID,
  /** The account has no credit left. */
  CREDIT_EXHAUSTED,
  /** Anything else, or nothing. */
  OTHER;

  /** Keeps nothing of an error, which may repeat the key: no buffers and no names of members. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** The objects that formats have codes in, and what leads to them. */
  private static final Set<String> PLACES =
      Set.of("", "/error", "/error/details", "/error/details/*");

  /** Gemini states what is wrong in a detail of this type. */
  private static final String ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";

  /** Codes and types by which providers say that an account has no credit left. */
  private static final Set<String> NO_CREDIT =
      Set.of(
          "arrearage",
          "billing_error",
          "billing_hard_limit_reached",
          "billing_not_active",
          "credit_exhausted",
          "credits_exhausted",
          "exceeded_current_quota_error",
          "insufficient_balance",
          "insufficient_credit",
          "insufficient_credits",
          "insufficient_funds",
          "insufficient_quota");

  /**
   * Reads an error.
   *
   * @param body whole, of bounded length, in memory
   */
  static ErrorMeaning of(WireFormat format, InputStream body) {
    if (format == WireFormat.COHERE || format == WireFormat.OLLAMA) {
      return OTHER; // their errors have no codes
    }
    ErrorReader reading = new ErrorReader(format);
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      boolean inArray = parser.nextToken() == JsonToken.START_ARRAY; // Gemini's streams
      if (inArray && format == WireFormat.GEMINI) {
        JsonToken unused = parser.nextToken();
      }
      reading.value(parser, "");
      while (parser.nextToken() != null) {
        parser.skipChildren();
      }
    } catch (JacksonException notWhole) {
      return OTHER;
    }
    return reading.meaning;
  }

  private static final class ErrorReader {
    private final WireFormat format;
    private ErrorMeaning meaning = OTHER;

    ErrorReader(WireFormat format) {
      this.format = format;
    }

    void value(JsonParser parser, String place) {
      JsonToken token = parser.currentToken();
      if (!PLACES.contains(place)) {
        parser.skipChildren();
      } else if (token == JsonToken.START_OBJECT) {
        object(parser, place);
      } else if (token == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          value(parser, place + "/*");
        }
      }
    }

    private void object(JsonParser parser, String place) {
      Map<String, String> texts = new HashMap<>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING) {
          texts.put(name, parser.getString());
        } else {
          value(parser, place + "/" + name);
        }
      }
      read(place, texts);
    }

    private void read(String place, Map<String, String> texts) {
      if (format == WireFormat.GEMINI) {
        boolean invalid =
            place.equals("/error/details/*")
                && ERROR_INFO.equals(texts.get("@type"))
                && "API_KEY_INVALID".equals(texts.get("reason"));
        meaning = invalid ? KEY_INVALID : meaning;
      } else if (place.equals("/error")) {
        readCodes(texts);
      } else if (format == WireFormat.OPENAI
          && place.isEmpty()
          && "error".equals(texts.get("object"))) {
        readCodes(texts); // Mistral and vLLM have no object around an error
      }
    }

    private void readCodes(Map<String, String> texts) {
      boolean byCode = format == WireFormat.OPENAI && isNoCredit(texts.getOrDefault("code", ""));
      if (byCode || isNoCredit(texts.getOrDefault("type", ""))) {
        meaning = CREDIT_EXHAUSTED;
      }
    }

    private static boolean isNoCredit(String code) {
      return NO_CREDIT.contains(code.toLowerCase(Locale.ROOT));
    }
  }
}
