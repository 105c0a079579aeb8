package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormFilterTest {
  @ParameterizedTest
  @CsvSource({
    "a=b, &a=b",
    "key=x, ''",
    "'', ''",
    "a=b&key=x&c=d, &a=b&c=d",
    "key=x&key=y&a=b&key, &a=b",
    "%6bey=x&k%65%79=y&a=b, &a=b",
    "keys=x&ke=y&xkey=z, &keys=x&ke=y&xkey=z",
    "a=key=x, &a=key=x",
    "a;key=x;b=1, &a;b=1",
    "key%=1&key%6=2&k%zzy=3, &key%=1&key%6=2&k%zzy=3",
    "=x&&a=, &=x&a=",
    "KEY=x, &KEY=x",
    "averylongnamethatcannotbe=1, &averylongnamethatcannotbe=1"
  })
  void the_field_is_taken_out_and_nothing_else(String form, String passing) {
    assertThat(filtered(form, List.of())).isEqualTo(passing);
  }

  @Test
  void however_a_form_is_split_the_outcome_is_the_same() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder form = new StringBuilder();
      for (int n = random.nextInt(8); n > 0; n--) {
        form.append(List.of("key", "=", "&", ";", "%6bey", "x", "ke", "%").get(random.nextInt(8)));
      }
      List<Integer> cuts =
          random.ints(random.nextInt(5), 0, form.length() + 1).sorted().boxed().toList();

      assertThat(filtered(form.toString(), cuts))
          .as("seed %d: %s", seed, form)
          .isEqualTo(filtered(form.toString(), List.of()));
    }
  }

  private static String filtered(String form, List<Integer> cuts) {
    FormFilter filter = new FormFilter("key", UnpooledByteBufAllocator.DEFAULT);
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int cut : cuts) {
      out.append(text(filter.pass(bytes(form.substring(from, cut)))));
      from = cut;
    }
    out.append(text(filter.pass(bytes(form.substring(from)))));
    return out.append(text(filter.end())).toString();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.wrappedBuffer(text.getBytes(US_ASCII));
  }

  private static String text(ByteBuf bytes) {
    String text = bytes.toString(US_ASCII);
    bytes.release();
    return text;
  }
}
