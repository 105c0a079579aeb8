package io.claviger.gateway.relay;

import io.claviger.domain.formats.ErrorMeaning;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.standards.WireFormat;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
 * Reads two things from a provider's error: its meaning, if the format has error codes, and the
 * time that callers should wait. An error has no meaning unless it is exactly one JSON document
 * without repeated members.
 */
final class ErrorReader {
  /**
   * A parser factory that keeps neither buffers nor names, because an error might contain the key.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * The paths of the JSON objects that contain the error codes of the formats, and of the objects
   * around them.
   */
  private static final Set<String> PLACES =
      Set.of("", "/error", "/error/details", "/error/details/*");

  private final ProviderApi api;
  private ErrorMeaning meaning = ErrorMeaning.OTHER;
  private Optional<Duration> retryDelay = Optional.empty();

  private ErrorReader(ProviderApi api) {
    this.api = api;
  }

  /** What an error says: its meaning, and the delay before the next attempt. */
  record Reading(ErrorMeaning meaning, Optional<Duration> retryDelay) {
    static final Reading NOTHING = new Reading(ErrorMeaning.OTHER, Optional.empty());
  }

  /**
   * Reads everything that an error says about its meaning.
   *
   * @param body the complete body in memory; its size is limited
   */
  static Reading read(WireFormat format, InputStream body) {
    ErrorReader reading = new ErrorReader(format.api());
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      boolean inArray = parser.nextToken() == JsonToken.START_ARRAY;
      if (inArray && format.api().usagePlaces("").documents() != null) {
        JsonToken unused = parser.nextToken();
      }
      reading.value(parser, "");
      while (parser.nextToken() != null) {
        parser.skipChildren();
      }
    } catch (JacksonException notWhole) {
      return Reading.NOTHING;
    }
    return new Reading(reading.meaning, reading.retryDelay);
  }

  private void value(JsonParser parser, String place) {
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
    ErrorMeaning stated = api.errorMeaning(place, texts);
    boolean isSettled = meaning == ErrorMeaning.CREDIT_EXHAUSTED; // by an inner object, say details
    meaning = isSettled || stated == ErrorMeaning.OTHER ? meaning : stated;
    retryDelay = api.retryDelay(place, texts).or(() -> retryDelay);
  }
}
