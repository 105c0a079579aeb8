package io.claviger.journeys;

import io.claviger.bootstrap.node.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A node that the tests of a class share. Each test finds it as the first one did. Classes without
 * settings use the same nodes one after the other, because a new node has new connections, and each
 * new connection plans its statements anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedNode.Last.class)
abstract class SharedNode {
  /** All tests use the node as root, some many times a second. */
  private static final Map<String, String> LENT =
      Map.of("CLAVIGER_API_REQUESTS_PER_MINUTE", "100000");

  /** Nodes that no class uses. */
  private static final Queue<Started> FREE = new ConcurrentLinkedQueue<>();

  final Journey journey;
  final Node node;
  final Api root;
  private final Started started;
  private final boolean isLent;
  private boolean hasFailed;

  SharedNode() {
    this(lend(), true);
  }

  /**
   * With a node of this class alone.
   *
   * @param settings those besides the usual ones
   */
  SharedNode(Map<String, String> settings) {
    this(new Started(settings), false);
  }

  private SharedNode(Started started, boolean isLent) {
    this.started = started;
    this.journey = started.journey;
    this.node = started.node;
    this.root = journey.root(node);
    this.isLent = isLent;
  }

  private static Started lend() {
    Started free = FREE.poll();
    if (free == null) {
      return new Started(LENT);
    }
    free.journey.watch();
    return free;
  }

  /** A second node at the same database, until the class ends. */
  final Node another() {
    return journey.startNode(started.environment);
  }

  @AfterEach
  void startOver() {
    journey.startOver(node);
  }

  /**
   * Searches for leaks. After a failure, the node may be unlike a new one, and is not lent again.
   */
  @AfterAll
  void giveBack() {
    boolean isFree = false;
    try {
      journey.stopAllBut(node);
      journey.assertNothingLeaked();
      isFree = isLent && !hasFailed;
    } finally {
      if (isFree) {
        journey.rest();
        FREE.add(started);
      } else {
        journey.close();
      }
    }
  }

  /** What was started for a class, and may be lent to the next one. */
  private static final class Started {
    private final Journey journey = new Journey();
    private final Map<String, String> environment = new HashMap<>(journey.environment());
    private final Node node;

    private Started(Map<String, String> settings) {
      environment.putAll(settings);
      node = journey.startNode(environment);
    }
  }

  /** Notes failures, and ends the nodes after the last test. */
  static final class Last implements AfterEachCallback, BeforeAllCallback {
    @Override
    public void afterEach(ExtensionContext context) {
      ((SharedNode) context.getRequiredTestInstance()).hasFailed |=
          context.getExecutionException().isPresent();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
      AutoCloseable unused =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.create(Last.class))
              .computeIfAbsent("end", key -> Last::endAll, AutoCloseable.class);
    }

    private static void endAll() {
      for (Started free = FREE.poll(); free != null; free = FREE.poll()) {
        free.journey.close();
      }
    }
  }
}
