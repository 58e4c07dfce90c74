// What the caller and the log are told of a handler's failure.
package axiom.host;

import axiom.AxiomContext;
import axiom.host.wire.NodeProto.NodeError;
import java.util.Map;

final class Failures {
    private static final String FIXED_SENTENCE = "The node failed; its log has the reason.";

    /** What a caller sees of a change of the flow that was refused. */
    private static final String MUTATION_CODE = "MUTATION_UNAVAILABLE";

    private Failures() {}

    /**
     * The typed error as the handler wrote it. Anything else becomes the fixed sentence, and the log gets the
     * exception's class and place: its message may hold a value (a URL with a key in it, another program's output).
     */
    static NodeError describe(Throwable failure, AxiomContext.Logger log) {
        if (failure instanceof AxiomContext.NodeError typed) {
            return NodeError.newBuilder()
                    .setTyped(true)
                    .setCode(typed.code())
                    .setMessage(String.valueOf(typed.getMessage()))
                    .setDetail(typed.detail())
                    .build();
        }
        if (failure instanceof AxiomContext.MutationError refused) {
            return NodeError.newBuilder()
                    .setTyped(true)
                    .setCode(MUTATION_CODE)
                    .setMessage(String.valueOf(refused.getMessage()))
                    .build();
        }
        if ("1".equals(System.getenv("AXIOM_SHOW_ERRORS"))) {
            // A developer asked for the failure's own text, which may hold a value.
            failure.printStackTrace();
        }
        log.error("the handler failed", Map.of("exception", failure.getClass().getName(), "at", placeOf(failure)));
        return NodeError.newBuilder().setMessage(FIXED_SENTENCE).build();
    }

    /** The topmost frame of the package's own code, or the topmost of all. */
    private static String placeOf(Throwable failure) {
        StackTraceElement[] frames = failure.getStackTrace();
        for (StackTraceElement frame : frames) {
            if (frame.getClassName().startsWith("nodes.")) {
                return show(frame);
            }
        }
        return frames.length == 0 ? "unknown" : show(frames[0]);
    }

    private static String show(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber();
    }
}
