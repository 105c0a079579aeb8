package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ModelListShape;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.gateway.errors.CallError;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * A provider's answer that lists its models. If the caller may use only some models, the gateway
 * buffers the list and removes the other models. Only used on an event loop.
 */
public final class ModelListing {
  private static final int LARGEST = 4 << 20;

  /** The maximum length of a member's name. A list with a longer name is unreadable. */
  private static final int LONGEST_NAME = 256;

  /**
   * The factory of parsers that read only UTF-8, because Jackson knows the positions of bytes only
   * in UTF-8. A parser keeps the last few thousand names that it has read, so the names have to be
   * short.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNameLength(LONGEST_NAME).build())
          .build();

  private final Predicate<String> allowed;
  private final ModelListShape shape;
  private final BufferBudget budget;
  private final AuthorizedCall authorized;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private BufferBudget.@Nullable BufferReservation reservation;

  private ModelListing(
      Predicate<String> allowed,
      ModelListShape shape,
      BufferBudget budget,
      AuthorizedCall authorized) {
    this.allowed = allowed;
    this.shape = shape;
    this.budget = budget;
    this.authorized = authorized;
  }

  /**
   * @param path the path below the service's endpoint
   * @return null if the gateway may forward the whole list
   */
  public static @Nullable ModelListing ifModelsAreLimited(
      AuthorizedCall authorized, String method, String path, BufferBudget budget) {
    ModelListShape shape = authorized.standard().format().api().modelList();
    if (authorized.models().isEmpty() || !method.equals("GET") || !shape.isListed(path)) {
      return null;
    }
    Set<ModelPattern> models = authorized.models().get();
    return new ModelListing(
        name -> ModelPattern.anyMatches(models, shape.id(name)), shape, budget, authorized);
  }

  /**
   * @param part the next part of the answer; the callee has to release it
   * @return the error that ends the call; empty if there is memory for the part
   */
  public Optional<CallError> add(ByteBuf part) {
    try {
      int more = part.readableBytes();
      if (bytes.size() + more > LARGEST) {
        return Optional.of(CallError.PROVIDER_ANSWER_UNUSABLE);
      }
      if (reservation == null) {
        reservation = budget.begin(authorized);
      }
      // Memory is needed for two copies of the list: one as it arrived, and one without the removed
      // models.
      if (reservation == null || !reservation.take(2 * more)) {
        return Optional.of(CallError.BUSY);
      }
      byte[] copied = new byte[more];
      part.readBytes(copied);
      bytes.writeBytes(copied);
      return Optional.empty();
    } finally {
      part.release();
    }
  }

  /** Returns the list of allowed models; empty if the list is unreadable. */
  public Optional<byte[]> shortened() {
    byte[] all = bytes.toByteArray();
    Shortening shortening = new Shortening(all);
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), all)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        elements(parser, shortening);
      } else if (first == JsonToken.START_OBJECT) {
        members(parser, shortening);
      } else {
        return Optional.empty();
      }
      return parser.nextToken() == null ? Optional.of(shortening.end()) : Optional.empty();
    } catch (JacksonException malformed) {
      return Optional.empty();
    }
  }

  public void close() {
    bytes.reset();
    if (reservation != null) {
      reservation.close();
      reservation = null;
    }
  }

  private void members(JsonParser parser, Shortening shortening) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean list = shape.members().contains(parser.currentName());
      if (parser.nextToken() == JsonToken.START_ARRAY && list) {
        elements(parser, shortening);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void elements(JsonParser parser, Shortening shortening) {
    shortening.beginList(parser.currentLocation().getByteOffset());
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      long from = parser.currentTokenLocation().getByteOffset();
      boolean kept = next == JsonToken.START_OBJECT && isAllowed(parser);
      if (next == JsonToken.START_ARRAY) {
        parser.skipChildren();
      }
      if (kept) {
        shortening.keep(from, parser.currentLocation().getByteOffset());
      }
    }
    shortening.endList(parser.currentTokenLocation().getByteOffset());
  }

  /**
   * Reads one model of the list, up to the end of its object. Returns whether the caller may use
   * the model.
   */
  private boolean isAllowed(JsonParser parser) {
    boolean found = false;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean named = parser.currentName().equals(shape.idMember());
      if (parser.nextToken() == JsonToken.VALUE_STRING && named) {
        found = allowed.test(parser.getString());
      } else {
        parser.skipChildren();
      }
    }
    return found;
  }

  private static final class Shortening {
    private final byte[] all;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private int listBegin;
    private int copied;

    Shortening(byte[] all) {
      this.all = all;
    }

    void beginList(long at) {
      copyTo(at);
      listBegin = kept.size();
    }

    void keep(long from, long to) {
      if (kept.size() > listBegin) {
        kept.write(',');
      }
      copied = (int) from;
      copyTo(to);
    }

    void endList(long at) {
      copied = (int) at;
    }

    byte[] end() {
      copyTo(all.length);
      return kept.toByteArray();
    }

    private void copyTo(long to) {
      kept.write(all, copied, (int) to - copied);
      copied = (int) to;
    }
  }
}
