/** Running a program with the environment that its SDK reads. */
@NullMarked
package io.claviger.client.run;

import org.jspecify.annotations.NullMarked;
