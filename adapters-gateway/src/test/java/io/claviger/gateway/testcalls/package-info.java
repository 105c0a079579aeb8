@NullMarked
package io.claviger.gateway.testcalls;

import org.jspecify.annotations.NullMarked;
