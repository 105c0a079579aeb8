package io.claviger.testkit;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Initializes SLF4J before the first test. During the initialization by one thread, SLF4J gives
 * other threads a substitute, which tests can't use as Logback's logger.
 */
public final class LoggingFirst implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    ILoggerFactory unused = LoggerFactory.getILoggerFactory();
  }
}
