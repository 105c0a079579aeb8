package io.claviger.inprocess;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Keeps SLF4J quiet in programs that want no log and so have no SLF4J backend. Without a backend,
 * SLF4J would report this on standard error at its first use.
 */
final class MissingLogBackend {
  private static final String VERBOSITY = "slf4j.internal.verbosity";

  private MissingLogBackend() {}

  /**
   * Prevents SLF4J's report about a missing backend. Does nothing if there is a backend, or if the
   * program has set SLF4J's own setting for such reports.
   */
  static void keepSlf4jQuiet() {
    if (System.getProperty(VERBOSITY) != null || hasBackend()) {
      return;
    }
    System.setProperty(VERBOSITY, "ERROR");
    try {
      ILoggerFactory unused = LoggerFactory.getILoggerFactory();
    } finally {
      System.clearProperty(VERBOSITY);
    }
  }

  /**
   * Whether SLF4J has a backend. A broken backend counts too, because SLF4J reports what is wrong
   * with it.
   */
  private static boolean hasBackend() {
    try {
      ClassLoader loader = LoggerFactory.class.getClassLoader();
      return System.getProperty(LoggerFactory.PROVIDER_PROPERTY_KEY) != null
          || ServiceLoader.load(SLF4JServiceProvider.class, loader).stream().findAny().isPresent();
    } catch (ServiceConfigurationError e) {
      return true;
    }
  }
}
