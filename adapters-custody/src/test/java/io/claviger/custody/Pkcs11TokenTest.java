package io.claviger.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.keys.KeyUri;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStoreSpi;
import java.security.Provider;
import java.security.ProviderException;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Logs in to a token that refuses the PIN, and uses a library that hangs. {@link
 * Pkcs11KeyWrapperTest} uses a real token.
 */
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

  /**
   * A call into a native library blocks the carrier of its virtual thread, and there are only as
   * many carriers as processors.
   */
  @Test
  @Timeout(120)
  void while_a_library_hangs_other_virtual_threads_run_and_each_call_ends(@TempDir Path directory)
      throws Exception {
    Path hangs = Files.createFile(directory.resolve("hangs"));
    Pkcs11KeyWrapper wrapper = new Pkcs11KeyWrapper(null, Duration.ofSeconds(1));
    KeyUri key =
        KeyUri.of("pkcs11:token=t;object=k?module-path=" + hangingLibrary(directory, hangs));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        List<Future<String>> calls =
            IntStream.range(0, THREADS)
                .mapToObj(each -> threads.submit(() -> failure(wrapper, key)))
                .toList();
        for (Future<String> each : calls) {
          assertThat(each.get(20, TimeUnit.SECONDS)).contains("the PKCS#11 token does not answer");
        }
        assertThat(threads.submit(() -> "runs").get(20, TimeUnit.SECONDS)).isEqualTo("runs");
        assertThat(failure(wrapper, key)).contains("4 calls hang");
      } finally {
        Files.delete(hangs);
      }
      while (!failure(wrapper, key).contains("there is no such PKCS#11 token")) {
        Thread.onSpinWait(); // wait until the calls that hung have ended
      }
    }
  }

  /**
   * Builds a library whose slots can't be listed while a file exists.
   *
   * @return the path of the library
   */
  private static Path hangingLibrary(Path directory, Path hangs) throws Exception {
    Path source = directory.resolve("hanging.c");
    Path library = directory.resolve("hanging.so");
    Files.writeString(
        source,
        """
        #include <unistd.h>
        typedef unsigned long (*function)();
        static struct { unsigned char version[2]; function all[68]; } list = {{2, 40}};
        static unsigned long done() { return 0; }
        static unsigned long slots(unsigned char present, unsigned long *ids, unsigned long *count) {
          while (access("%s", F_OK) == 0) usleep(10000);
          *count = 0;
          return 0;
        }
        unsigned long C_GetFunctionList(void **to) {
          for (int i = 0; i < 68; i++) list.all[i] = done;
          list.all[4] = slots;
          *to = &list;
          return 0;
        }
        """
            .formatted(hangs));
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "there is no C compiler");
    int built =
        new ProcessBuilder(
                "/usr/bin/cc", "-shared", "-fPIC", "-w", "-o", library.toString(), "" + source)
            .inheritIO()
            .start()
            .waitFor();
    assertThat(built).isZero();
    return library;
  }

  private static String failure(Pkcs11KeyWrapper wrapper, KeyUri key) {
    try {
      return "wrapped " + wrapper.wrap(new byte[32], key).length;
    } catch (OutsideKeyFailure e) {
      return e.isAway() + " " + e.getMessage();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x30, true, CKR_DEVICE_ERROR",
    "0x32, true, CKR_DEVICE_REMOVED",
    "0xe0, true, CKR_TOKEN_NOT_PRESENT",
    "0xb0, true, CKR_SESSION_CLOSED",
    "0xb3, true, CKR_SESSION_HANDLE_INVALID",
    "0x101, true, CKR_USER_NOT_LOGGED_IN",
    "0x190, true, CKR_CRYPTOKI_NOT_INITIALIZED",
    "0x63, false, CKR_KEY_TYPE_INCONSISTENT",
    "0x70, false, CKR_MECHANISM_INVALID"
  })
  void a_token_that_goes_away_between_login_and_use_may_come_back(
      String code, boolean away, String name) {
    OutsideKeyFailure failure =
        Pkcs11Token.failure(
            "the token can't do this",
            new ProviderException("doFinal() failed", pkcs11(Long.decode(code))));

    assertThat(failure.isAway()).isEqualTo(away);
    assertThat(failure)
        .hasMessage(
            (away ? "the PKCS#11 token does not answer" : "the token can't do this")
                + " (%s)".formatted(name));
  }

  /** Returns the exception that the JDK throws for a return code of a token. */
  private static Exception pkcs11(long code) {
    try {
      return (Exception)
          Class.forName("sun.security.pkcs11.wrapper.PKCS11Exception")
              .getConstructor(long.class, String.class)
              .newInstance(code, null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Refusing extends Provider {
    Refusing() {
      super("Refusing", "1", "A token that refuses every PIN.");
      put("KeyStore.PKCS11", RefusingKeys.class.getName());
    }
  }

  /** Refuses the PIN only after all threads have begun to log in, as a slow device would. */
  public static final class RefusingKeys extends KeyStoreSpi {
    @Override
    public void engineLoad(InputStream stream, char[] pin) throws IOException {
      LOGINS.incrementAndGet();
      try {
        BEGUN.await();
        throw new IOException(pkcs11(0xa0));
      } catch (InterruptedException e) {
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
