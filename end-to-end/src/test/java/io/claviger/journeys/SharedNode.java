package io.claviger.journeys;

import io.claviger.bootstrap.node.Node;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestInstance;

/** A node that the tests of a class share. Each test finds it as the first one did. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedNode {
  @AutoClose final Journey journey = new Journey();
  final Node node;
  final Api root;

  SharedNode() {
    this(Map.of());
  }

  /**
   * @param settings those besides the usual ones
   */
  SharedNode(Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.putAll(settings);
    node = journey.startNode(environment);
    root = journey.root(node);
  }

  @AfterEach
  void startOver() {
    journey.startOver(node);
  }
}
