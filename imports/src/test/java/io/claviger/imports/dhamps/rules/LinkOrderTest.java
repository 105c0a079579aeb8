package io.claviger.imports.dhamps.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.imports.dhamps.rules.SourceContent.OldLink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkOrderTest {
  @Test
  void the_first_linked_comes_first_then_the_lower_id_and_last_what_has_no_time() {
    List<OldLink> ordered = List.of(link(9, 1), link(3, 2), link(4, 2), link(1, -1), link(2, -1));
    List<OldLink> links = new ArrayList<>(ordered);
    Collections.reverse(links);
    assertThat(LinkOrder.inOrder(links)).isEqualTo(ordered);
  }

  private static OldLink link(long service, int second) {
    return new OldLink(
        1, service, second < 0 ? Optional.empty() : Optional.of(Instant.EPOCH.plusSeconds(second)));
  }
}
