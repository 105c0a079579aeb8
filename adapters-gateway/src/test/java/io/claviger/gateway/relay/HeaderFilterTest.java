package io.claviger.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.RequestHeader;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderFilterTest {
  @Test
  void whoever_brings_many_lists_leaves_room_for_those_of_others() {
    for (int n = 0; n < 5_000; n++) {
      RequestHeaderFilter filter = RequestHeaderFilter.of(listed("x-many-" + n));
      assertThat(filter.passes("x-many-" + n)).isTrue();
    }

    RequestHeaderFilter one = RequestHeaderFilter.of(listed("x-one"));
    RequestHeaderFilter other = RequestHeaderFilter.of(listed("x-other"));

    assertThat(RequestHeaderFilter.of(listed("x-one"))).isSameAs(one).isNotSameAs(other);
    assertThat(one.passes("X-One")).isTrue();
    assertThat(one.passes("x-other")).isFalse();
  }

  private static List<RequestHeader> listed(String name) {
    return List.of(new RequestHeader(name));
  }
}
