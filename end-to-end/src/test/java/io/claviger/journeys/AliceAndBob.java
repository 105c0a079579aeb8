package io.claviger.journeys;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** A shared node at which Alice and Bob are made before each test. */
abstract class AliceAndBob extends SharedNode {
  Api alice = root;
  Api bob = root;

  AliceAndBob() {}

  AliceAndBob(Map<String, String> settings) {
    super(settings);
  }

  @BeforeEach
  void makeAliceAndBob() {
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
  }
}
