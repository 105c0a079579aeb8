package io.claviger.inprocess;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * A program without a backend for SLF4J wants no log. SLF4J would nevertheless report on standard
 * error, when it is first used, that there is none.
 */
final class MissingLogBackend {
  private static final String VERBOSITY = "slf4j.internal.verbosity";

  private MissingLogBackend() {}

  /** Keeps SLF4J from that report. With a backend, or the program's own setting, does nothing. */
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

  /** A backend that is there but broken is for SLF4J to report. */
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
