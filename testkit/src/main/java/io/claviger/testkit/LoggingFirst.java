package io.claviger.testkit;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Initializes SLF4J before the first test. While one thread initializes SLF4J, other threads get a
 * substitute logger. Tests can't cast the substitute logger to Logback's logger.
 */
public final class LoggingFirst implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    ILoggerFactory unused = LoggerFactory.getILoggerFactory();
  }
}
