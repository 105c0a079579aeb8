package io.claviger.journeys;

import io.claviger.bootstrap.node.Node;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestInstance;

/** A node that the tests of a class share. Each test finds it as the first one did. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedNode {
  @AutoClose final Journey journey = new Journey();
  final Node node = journey.startNode();
  final Api root = journey.root(node);

  @AfterEach
  void startOver() {
    journey.startOver(node);
  }
}
