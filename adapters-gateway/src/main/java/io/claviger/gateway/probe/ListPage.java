package io.claviger.gateway.probe;

import io.claviger.domain.formats.ModelListShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * A page of a provider's list of models or stored objects.
 *
 * @param ids the ids in the order of the page
 * @param next the query for the next page; empty on the last page
 */
record ListPage(List<String> ids, Optional<String> next) {
  /**
   * A parser factory that does not keep the names of members in memory, because the provider
   * chooses these names.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES).build();

  /**
   * Reads a page of the list from an answer.
   *
   * @param most the maximum number of ids to read
   * @return empty if the answer is not such a page. If the answer was cut off, the page contains
   *     the ids before the cut
   */
  static Optional<ListPage> read(ModelListShape shape, ListCall.ListBody body, int most) {
    PageReader reading = new PageReader(shape, most);
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body.bytes())) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        reading.elements(parser);
      } else if (first == JsonToken.START_OBJECT) {
        reading.members(parser);
      }
    } catch (JacksonException malformed) {
      return body.isCut() && reading.listed ? Optional.of(reading.page()) : Optional.empty();
    }
    return reading.isPage() ? Optional.of(reading.page()) : Optional.empty();
  }

  private static final class PageReader {
    private final ModelListShape shape;
    private final int most;
    private final List<String> ids = new ArrayList<>();
    private boolean listed;

    /** Whether the answer is an object without members. */
    private boolean isEmpty;

    private boolean more;
    private @Nullable String cursor;
    private @Nullable String last;

    PageReader(ModelListShape shape, int most) {
      this.shape = shape;
      this.most = most;
    }

    void members(JsonParser parser) {
      isEmpty = true;
      while (ids.size() < most && parser.nextToken() == JsonToken.PROPERTY_NAME) {
        isEmpty = false;
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value == JsonToken.START_ARRAY && shape.members().contains(name)) {
          elements(parser);
        } else if (value == JsonToken.VALUE_STRING) {
          cursor = name.equals(shape.paging().next()) ? parser.getString() : cursor;
        } else {
          more |= value == JsonToken.VALUE_TRUE && name.equals(shape.paging().more());
          parser.skipChildren();
        }
      }
    }

    void elements(JsonParser parser) {
      listed = true;
      while (ids.size() < most && parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          element(parser);
        } else {
          parser.skipChildren();
        }
      }
    }

    private void element(JsonParser parser) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean named = parser.currentName().equals(shape.idMember());
        if (parser.nextToken() == JsonToken.VALUE_STRING && named) {
          last = parser.getString();
          ids.add(shape.id(last));
        } else {
          parser.skipChildren();
        }
      }
    }

    /**
     * Whether the answer is a page. Google leaves the list out of a page without entries, even if
     * further pages follow.
     */
    boolean isPage() {
      boolean goesOn = shape.paging().isOpaque() && cursor != null;
      return listed || goesOn || (shape.leavesOutEmpty() && isEmpty);
    }

    ListPage page() {
      // Some providers say only that there are more entries, which begin after the last id.
      String next = cursor == null && more && !shape.paging().isOpaque() ? last : cursor;
      boolean goesOn = next != null && !next.isEmpty() && (shape.paging().more().isEmpty() || more);
      return new ListPage(List.copyOf(ids), goesOn ? Optional.ofNullable(next) : Optional.empty());
    }
  }
}
