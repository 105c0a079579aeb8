/** What is promised of pure functions in nanoseconds and bytes, measured by JMH. */
@NullMarked
package io.claviger.benchmarks;

import org.jspecify.annotations.NullMarked;
