/** What is promised of pure functions in nanoseconds and bytes, measured by JMH. */
package io.claviger.benchmarks;
