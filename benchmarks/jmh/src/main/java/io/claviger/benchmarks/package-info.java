/** The promises about pure functions in nanoseconds and bytes, measured by JMH. */
package io.claviger.benchmarks;
