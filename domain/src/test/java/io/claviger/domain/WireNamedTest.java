package io.claviger.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WireNamedTest {
  private enum Two implements WireNamed {
    PER_CALLER,
    SHARED
  }

  private enum Three implements WireNamed {
    USD,
    TOKENS,
    REQUESTS {
      @Override
      public String wireName() {
        return "calls";
      }
    }
  }

  @Test
  void a_constant_has_its_name_in_lower_case_unless_it_says_otherwise() {
    assertThat(WireNamed.names(Two.values())).containsExactly("per_caller", "shared");
    assertThat(WireNamed.names(Three.values())).containsExactly("usd", "tokens", "calls");
  }

  @Test
  void a_constant_is_found_by_exactly_this_name() {
    assertThat(WireNamed.find(Two.values(), "per_caller")).hasValue(Two.PER_CALLER);
    assertThat(WireNamed.find(Two.values(), "PER_CALLER")).isEmpty();
    assertThat(WireNamed.find(Three.values(), "requests")).isEmpty();
    assertThat(WireNamed.of(Three.values(), "calls", "unit")).isEqualTo(Three.REQUESTS);
  }

  @Test
  void a_refusal_names_the_field_and_all_names_in_their_order() {
    assertThatThrownBy(() -> WireNamed.of(Two.values(), "", "prompt_cache"))
        .isInstanceOf(InvalidValue.class)
        .hasMessage("prompt_cache: per_caller or shared");
    assertThatThrownBy(() -> WireNamed.of(Three.values(), "eur", "unit"))
        .isInstanceOf(InvalidValue.class)
        .hasMessage("unit: usd, tokens or calls");
  }
}
