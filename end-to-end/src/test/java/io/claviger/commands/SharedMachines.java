package io.claviger.commands;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Tests that take turns with the one node of {@link SignedInMachines#shared()}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedMachines.Last.class)
@ResourceLock("machines")
@Order(5) // early, since they run one after another
@interface SharedMachines {
  /** Ends the node after the last test. */
  final class Last implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      AutoCloseable unused =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.create(Last.class))
              .computeIfAbsent("end", key -> SignedInMachines::endShared, AutoCloseable.class);
    }
  }
}
