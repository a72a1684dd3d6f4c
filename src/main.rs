fn main() -> anyhow::Result<()> {
    switchboard::cli::run()
}
