package io.claviger.bootstrap.tls;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Does what {@code Main} does first. The JDK reads the setting for renegotiation only once, and any
 * test could be the first that uses TLS.
 */
public final class BeginningOfMain implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    ServerTls.refuseRenegotiation();
  }
}
