package io.claviger.journeys;

import org.junit.jupiter.api.BeforeEach;

/** A shared node at which Alice and Bob are made before each test. */
abstract class AliceAndBob extends SharedNode {
  Api alice = root;
  Api bob = root;

  @BeforeEach
  void makeAliceAndBob() {
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
  }
}
