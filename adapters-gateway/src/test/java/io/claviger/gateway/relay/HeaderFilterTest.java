package io.claviger.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.RequestHeader;
import io.claviger.gateway.wire.HeaderNames;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({
    "retry-after, Retry-After, true",
    "retry-after, retry-after-ms, false",
    "x-ratelimit-limit, X-RateLimit-Limit, true"
  })
  void a_listed_name_stands_for_itself_in_any_case(String listed, String name, boolean isListed) {
    assertThat(HeaderNames.of(List.of(listed)).contains(name)).isEqualTo(isListed);
  }

  private static List<RequestHeader> listed(String name) {
    return List.of(new RequestHeader(name));
  }
}
