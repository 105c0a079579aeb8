package io.claviger.gateway;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where names are looked up and certificates verified. Threads of the platform, and apart from
 * those of the authorization: a look-up blocks in native code, and whoever runs a slow name server
 * must not hold up more than the calls that need it.
 */
final class LookUpThreads {
  private static final int MOST = 64;
  private static final int IDLE_SECONDS = 30;

  private LookUpThreads() {}

  static ExecutorService start() {
    return new ThreadPoolExecutor(
        0,
        MOST,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        new DefaultThreadFactory("gateway-look-up", true));
  }
}
