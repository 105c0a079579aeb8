package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.persistence.definitions.KnownEndpoints;
import org.junit.jupiter.api.Test;

class KnownEndpointsTest {
  @Test
  void whoever_brings_many_endpoints_leaves_room_for_those_of_others() {
    for (int n = 0; n < 11_000; n++) {
      Endpoint unused = KnownEndpoints.of("https://many.example.com/" + n);
    }

    Endpoint one = KnownEndpoints.of("https://one.example.com");
    Endpoint other = KnownEndpoints.of("https://other.example.com");

    assertThat(KnownEndpoints.of("https://one.example.com")).isSameAs(one).isNotEqualTo(other);
  }
}
