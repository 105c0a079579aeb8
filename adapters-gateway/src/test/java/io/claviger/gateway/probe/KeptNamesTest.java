package io.claviger.gateway.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.formats.ModelListShape;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.bills.BillSource;
import io.claviger.gateway.bills.BillTable;
import java.io.ByteArrayInputStream;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A parser that remembers names for the next document remembers what providers have sent. */
@Isolated("It measures the heap of the whole JVM.")
@Tag("measurement")
class KeptNamesTest {
  private static final int DOCUMENTS = 20;
  private static final int NAMES = 40;
  private static final int LENGTH = 40_000;
  private static final long MOST_KEPT = 8 << 20;

  @Test
  void names_in_lists_of_models_are_not_kept() {
    ModelListShape shape = WireFormat.OPENAI.api().modelList();
    assertKeepsNothing(
        document -> {
          ListCall.ListBody body =
              new ListCall.ListBody(new ByteArrayInputStream(document), document.length, false);
          assertThat(ListPage.read(shape, body, 10)).isPresent();
        });
  }

  @Test
  void names_in_bills_are_not_kept() {
    LocalDate day = LocalDate.of(2026, 11, 20);
    assertKeepsNothing(
        document -> {
          BillTable bill = new BillTable(Optional.empty(), day, day, text -> false);
          assertThat(bill.add(BillSource.COSTS, document)).isEmpty();
        });
  }

  private static void assertKeepsNothing(Consumer<byte[]> read) {
    read.accept(document(-1));
    long before = used();
    for (int i = 0; i < DOCUMENTS; i++) {
      read.accept(document(i));
    }
    assertThat(used() - before).isLessThan(MOST_KEPT);
  }

  private static byte[] document(int number) {
    return IntStream.range(0, NAMES)
        .mapToObj(n -> "\"%d-%d-%s\":0".formatted(number, n, "x".repeat(LENGTH)))
        .collect(Collectors.joining(",", "{", ",\"data\":[]}"))
        .getBytes(US_ASCII);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
