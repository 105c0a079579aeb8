package io.claviger.custody;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.keys.port.OutsideKeyFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.Key;
import java.security.KeyStoreSpi;
import java.security.Provider;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Logs in to a token that refuses the PIN. {@link Pkcs11KeyWrapperTest} logs in to a real one. */
class Pkcs11TokenTest {
  private static final int THREADS = 16;
  private static final AtomicInteger LOGINS = new AtomicInteger();

  /** Counts the threads that have begun to log in. */
  private static final CountDownLatch BEGUN = new CountDownLatch(THREADS);

  @Test
  void of_sixteen_threads_with_a_wrong_pin_one_logs_in_and_all_are_refused() throws Exception {
    Pkcs11Token.Device device = new Pkcs11Token.Device(new Refusing());
    Callable<String> attempt =
        () -> {
          BEGUN.countDown();
          try {
            return device.open("0815".toCharArray()).toString();
          } catch (OutsideKeyFailure e) {
            return e.isLocking() + " " + e.getMessage();
          }
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<String>> attempts =
          IntStream.range(0, THREADS).mapToObj(each -> threads.submit(attempt)).toList();
      for (Future<String> each : attempts) {
        assertThat(each.get())
            .isEqualTo("true the PKCS#11 token refuses the PIN (CKR_PIN_INCORRECT)");
      }
    }
    assertThat(LOGINS).hasValue(1);
  }

  private static final class Refusing extends Provider {
    private static final long serialVersionUID = 1L;

    Refusing() {
      super("Refusing", "1", "A token that refuses every PIN.");
      put("KeyStore.PKCS11", RefusingKeys.class.getName());
    }
  }

  /** Refuses only when all threads have begun, since a device is slow. */
  public static final class RefusingKeys extends KeyStoreSpi {
    @Override
    public void engineLoad(InputStream stream, char[] pin) throws IOException {
      LOGINS.incrementAndGet();
      try {
        BEGUN.await();
        throw new IOException(
            (Throwable)
                Class.forName("sun.security.pkcs11.wrapper.PKCS11Exception")
                    .getConstructor(long.class, String.class)
                    .newInstance(0xa0L, null));
      } catch (ReflectiveOperationException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Key engineGetKey(String alias, char[] password) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Certificate[] engineGetCertificateChain(String alias) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Certificate engineGetCertificate(String alias) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Date engineGetCreationDate(String alias) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineSetKeyEntry(String alias, Key key, char[] password, Certificate[] chain) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineSetCertificateEntry(String alias, Certificate certificate) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineDeleteEntry(String alias) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Enumeration<String> engineAliases() {
      return Collections.emptyEnumeration();
    }

    @Override
    public boolean engineContainsAlias(String alias) {
      return false;
    }

    @Override
    public int engineSize() {
      return 0;
    }

    @Override
    public boolean engineIsKeyEntry(String alias) {
      return false;
    }

    @Override
    public boolean engineIsCertificateEntry(String alias) {
      return false;
    }

    @Override
    public String engineGetCertificateAlias(Certificate certificate) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineStore(OutputStream stream, char[] password) {
      throw new UnsupportedOperationException();
    }
  }
}
