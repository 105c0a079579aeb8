package io.claviger.gateway.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.ModelName;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Which model a request is for, where only some may be asked for. A request that two readers could
 * understand differently is refused: the provider might read the other model.
 */
public final class RequestedModel {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String MODEL = "model";
  private static final String MODELS = "models";

  private final Set<ModelName> allowed;
  private final Optional<String> inPath;

  /**
   * @param path below the service
   */
  public RequestedModel(Set<ModelName> allowed, WireFormat format, String path) {
    this.allowed = allowed;
    this.inPath = inPath(format, path);
  }

  /**
   * @throws CallRefused when the path names a model that is not allowed
   */
  public void checkPath() {
    inPath.ifPresent(this::demandAllowed);
  }

  /**
   * @throws CallRefused when the body is none that can be read for its model
   */
  public static void checkReadable(HttpHeaders headers) {
    String type = only(headers, HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    int parameters = type.indexOf(';');
    String bare = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    String rest = parameters < 0 ? "" : type.substring(parameters + 1).strip();
    boolean utf8 =
        rest.isEmpty() || rest.equals("charset=utf-8") || rest.equals("charset=\"utf-8\"");
    String encoding = only(headers, HttpHeaderNames.CONTENT_ENCODING, "identity");
    if (!bare.equals("application/json") || !utf8 || !encoding.equalsIgnoreCase("identity")) {
      throw notReadable();
    }
  }

  /** Of two the provider might heed the other. */
  private static String only(HttpHeaders headers, CharSequence name, String otherwise) {
    List<String> values = headers.getAll(name);
    if (values.size() > 1) {
      throw notReadable();
    }
    return values.isEmpty() ? otherwise : values.get(0);
  }

  /**
   * @param body whole; stays the caller's
   * @throws CallRefused when it does not name one allowed model in one way
   */
  public void checkBody(ByteBuf body) {
    Optional<String> named = named(text(body));
    if (named.isEmpty() && inPath.isEmpty()) {
      throw notReadable();
    }
    named.ifPresent(this::demandAllowed);
  }

  private void demandAllowed(String model) {
    if (allowed.stream().noneMatch(m -> m.value().equals(model))) {
      throw new CallRefused(CallError.of(CallRefusal.MODEL_NOT_ALLOWED));
    }
  }

  /** The model that the outermost object names, and with a model in the path any object. */
  private Optional<String> named(String json) {
    String found = null;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw notReadable();
      }
      int depth = 1;
      while (depth > 0) {
        JsonToken token = parser.nextToken();
        if (token == null) {
          throw notReadable();
        }
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.PROPERTY_NAME && (depth == 1 || inPath.isPresent())) {
          found = read(parser, found);
        }
      }
      if (parser.nextToken() != null) {
        throw notReadable();
      }
    } catch (JacksonException e) {
      throw notReadable();
    }
    return Optional.ofNullable(found);
  }

  private @Nullable String read(JsonParser parser, @Nullable String found) {
    String name = parser.currentName();
    if (name.equalsIgnoreCase(MODELS) && inPath.isEmpty()) {
      throw notReadable();
    }
    if (!name.equalsIgnoreCase(MODEL)) {
      return found;
    }
    boolean again = found != null && inPath.isEmpty();
    if (!name.equals(MODEL) || again || parser.nextToken() != JsonToken.VALUE_STRING) {
      throw notReadable();
    }
    String model = inPath.isPresent() ? bare(parser.getString()) : parser.getString();
    if (inPath.isPresent() && !inPath.get().equals(model)) {
      throw notReadable();
    }
    return model;
  }

  /** Strictly UTF-8: a parser that guesses might read what the provider does not. */
  private static String text(ByteBuf body) {
    try {
      return UTF_8.newDecoder().decode(body.nioBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw notReadable();
    }
  }

  /**
   * {@code …/models/{model}} or {@code …/models/{model}:verb}, as it stands: a name written with
   * percent signs is none that is allowed.
   */
  private static Optional<String> inPath(WireFormat format, String path) {
    String[] segments = path.split("/", -1);
    for (int i = segments.length - 2; i >= 0; i--) {
      if (segments[i].equals(MODELS)) {
        String last = String.join("/", List.of(segments).subList(i + 1, segments.length));
        int verb = format == WireFormat.GEMINI ? last.indexOf(':') : -1;
        return Optional.of(verb < 0 ? last : last.substring(0, verb));
      }
    }
    return Optional.empty();
  }

  /** Gemini's resource names begin with {@code models/}. */
  private static String bare(String model) {
    return model.startsWith("models/") ? model.substring("models/".length()) : model;
  }

  private static CallRefused notReadable() {
    return new CallRefused(CallError.of(CallRefusal.MODEL_NOT_READABLE));
  }
}
