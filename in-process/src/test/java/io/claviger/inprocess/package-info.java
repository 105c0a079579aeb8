@NullMarked
package io.claviger.inprocess;

import org.jspecify.annotations.NullMarked;
