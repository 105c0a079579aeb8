package io.claviger.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one lab of this run. It is closed after the last test. */
final class SharedLab implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(SharedLab.class);

  /**
   * The lab is also kept if there is no browser, so that the search for a browser runs only once.
   */
  private record Kept(Optional<Lab> lab) implements AutoCloseable {
    @Override
    public void close() {
      lab.ifPresent(Lab::close);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    assumeTrue(kept(context).lab().isPresent(), "no Chromium");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Lab.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return kept(context).lab().orElseThrow();
  }

  private static Kept kept(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(HERE)
        .computeIfAbsent("lab", unused -> new Kept(Lab.open()), Kept.class);
  }
}
