package io.claviger.web.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.BufferRecycler;
import tools.jackson.core.util.RecyclerPool;

class BodyParserTest {
  private final List<char[]> given = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 2_500, BodyParser.WipedBuffers.FIRST_BUFFER - 1})
  void a_text_without_an_end_is_wiped(int length) {
    JsonParser parser = parser("\"" + "k".repeat(length));
    parser.nextToken();
    assertThatThrownBy(parser::getStringCharacters).isInstanceOf(JacksonException.class);
    assertThat(holdsKey()).isTrue();
    parser.close();
    assertThat(holdsKey()).isFalse();
  }

  @Test
  void a_text_with_an_escape_is_wiped() {
    JsonParser parser = parser("\"\\n" + "k".repeat(40) + "\"");
    parser.nextToken();
    assertThat(parser.getStringLength()).isEqualTo(41);
    assertThat(holdsKey()).isTrue();
    parser.close();
    assertThat(holdsKey()).isFalse();
  }

  private boolean holdsKey() {
    return given.stream().anyMatch(buffer -> new String(buffer).contains("k"));
  }

  private JsonParser parser(String json) {
    RecyclerPool<BufferRecycler> noted =
        new RecyclerPool.NonRecyclingPoolBase<>() {
          @Override
          public BufferRecycler acquirePooled() {
            return new NotedBuffers();
          }
        };
    char[] text = json.toCharArray();
    return JsonFactory.builder()
        .recyclerPool(noted)
        .build()
        .createParser(ObjectReadContext.empty(), text, 0, text.length);
  }

  private final class NotedBuffers extends BodyParser.WipedBuffers {
    @Override
    public char[] allocCharBuffer(int index, int least) {
      char[] buffer = super.allocCharBuffer(index, least);
      given.add(buffer);
      return buffer;
    }
  }
}
